export { catalogueOf, listPolicy } from './catalogue.ts'
export { type PolicyPack, readPolicyPacks } from './pack.ts'
export { defineParameter, type Parameter, type PolicyAmount, type PolicySource } from './parameter.ts'
export { getValueOn, type PolicyFinding, type PolicyPlace, valueOn } from './value-on.ts'
