import { Failure, type FailureCode } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { resourceTypes, type SearchParameterModel, searchParameters } from '../definitions/index.ts';

const types = new Set(['number', 'date', 'string', 'token', 'reference', 'composite', 'quantity', 'uri']);
const codePattern = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const longestExpression = 2000;
const mostComponents = 3;

/** What is wrong with a definition, and where. https://hl7.org/fhir/R4/searchparameter.html */
export function refusal(element: string, code: FailureCode, diagnostics: string): Failure {
  const expression = `SearchParameter.${element}`;
  return new Failure('processing', diagnostics, [{ severity: 'error', code, diagnostics, expression }]);
}

/** What a SearchParameter asks for; undefined when it is not in use, or one of R4's own. Fails where it is wrong. */
export function readDefinition(resource: JsonObject): SearchParameterModel | undefined {
  if (resource.status !== 'active' && resource.status !== 'draft') return undefined;
  const { url, code, type, base, expression, description } = resource;
  if (typeof url !== 'string') throw refusal('url', 'required', 'A search parameter needs a url.');
  if (isOfR4(url, code, type)) return undefined;
  if (typeof code !== 'string' || !codePattern.test(code)) {
    throw refusal(
      'code',
      'value',
      'The code must be a letter, and then up to 63 letters, digits or hyphens; names with _ are those of FHIR.',
    );
  }
  if (typeof type !== 'string' || !types.has(type)) {
    throw refusal('type', 'not-supported', `Search parameters of type ${type} cannot be created: write another type.`);
  }
  if (typeof expression !== 'string' || expression === '') {
    throw refusal('expression', 'required', 'Say by an expression which elements are searched.');
  }
  if (expression.length > longestExpression) {
    throw refusal('expression', 'too-long', `An expression may have ${longestExpression} characters.`);
  }
  return {
    url,
    code,
    type: type as SearchParameterModel['type'],
    base: readBase(base),
    expression,
    ...(Array.isArray(resource.target) && { target: resource.target.map(String) }),
    ...(type === 'composite' && { component: readComponents(resource.component) }),
    ...(typeof description === 'string' && { description: description.slice(0, 1000) }),
  };
}

/** Loading R4's own definitions changes nothing. */
function isOfR4(url: string, code: JsonValue | undefined, type: JsonValue | undefined): boolean {
  const known = searchParameters.find((parameter) => parameter.url === url);
  if (!known) return false;
  if (known.code === code && known.type === type) return true;
  throw refusal(
    'url',
    'business-rule',
    `${url} is ${known.code} of FHIR R4. Give another definition a url of its own.`,
  );
}

function readBase(base: JsonValue | undefined): string[] {
  if (!Array.isArray(base) || base.length === 0) {
    throw refusal('base', 'required', 'Say in base which resource types have the parameter.');
  }
  return base.map((type) => {
    const name = String(type);
    if (name === 'Resource' || name === 'DomainResource' || resourceTypes.includes(name)) return name;
    throw refusal('base', 'value', `${name.slice(0, 64)} is no resource type of FHIR R4.`);
  });
}

function readComponents(components: JsonValue | undefined): { definition: string; expression: string }[] {
  if (!Array.isArray(components) || components.length < 2 || components.length > mostComponents) {
    throw refusal('component', 'required', `A composite needs two or ${mostComponents} components.`);
  }
  return components.map((component, index) => {
    const { definition, expression } = isJsonObject(component) ? component : {};
    if (typeof definition !== 'string' || typeof expression !== 'string' || expression.length > longestExpression) {
      throw refusal(
        `component[${index}]`,
        'required',
        'A component needs the url of its search parameter, and an expression below that of the composite.',
      );
    }
    return { definition, expression };
  });
}
