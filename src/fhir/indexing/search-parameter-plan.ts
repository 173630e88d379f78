export type IndexedType = 'number' | 'date' | 'string' | 'token' | 'reference' | 'quantity' | 'uri';
export type SearchParameterType = IndexedType | 'composite' | 'special';

/** One indexed expression of one resource type; several parameters may share it. */
export interface SearchBranch {
  /** Number of the expression in the search index (generated/index-paths.json). */
  readonly path: number;
  /** Number under which `Identifier.type` with the value is indexed, for `:of-type`. */
  readonly ofTypePath?: number;
  /** Number under which `Reference.identifier` is indexed, for `:identifier`. */
  readonly identifierPath?: number;
  readonly expression: string;
  /** Only references to these types count: from `where(resolve() is Patient)`. */
  readonly targets?: readonly string[];
  /** FHIR types of the values that the index takes from here (`CodeableConcept`, `dateTime`). */
  readonly valueTypes: readonly string[];
  /** Of a token: the places of its values in the JSON, as SQL/JSON paths (`$."category"`). */
  readonly places?: readonly string[];
  /** Of a composite: where the values of its parts come from, in their order. */
  readonly parts?: readonly SearchBranch[];
}

/** A part of a composite parameter: the parameter whose values it takes, and the expression below the composite's element. */
export interface SearchComponent {
  readonly code: string;
  readonly type: IndexedType;
  readonly expression: string;
  readonly valueTypes: readonly string[];
  /** Resource types that a reference may point to. */
  readonly target?: readonly string[];
}

/** What a search parameter means for one resource type. */
export interface SearchParameterPlan {
  readonly code: string;
  readonly url: string;
  readonly type: SearchParameterType;
  readonly resourceType: string;
  readonly branches: readonly SearchBranch[];
  /** Resource types that a reference of this parameter may point to. */
  readonly target?: readonly string[];
  readonly components?: readonly SearchComponent[];
  /** Answered from the columns of the resource table (`_id`, `_lastUpdated`): there are no index rows. */
  readonly special?: true;
  /** False for parameters whose values the index does not hold: `_text`, `_content`, `_query`. */
  readonly indexed: boolean;
  readonly description?: string;
}
