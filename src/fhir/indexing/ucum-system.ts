/** The system of units whose codes can be calculated with. https://hl7.org/fhir/R4/terminologies-systems.html */
export const ucumSystem = 'http://unitsofmeasure.org';
