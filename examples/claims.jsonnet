// Makes an account of what a provider says of somebody, for examples/person.schema.json. docs/mappers.md tells what mappers may do.
local claims = std.extVar('claims');
local email = std.get(claims, 'email', null);
// Where a provider says nothing of it, the list of docs/mappers.md decides whether its addresses count.
local unproven = std.get(claims, 'email_verified', true) == false;

{
  identity: {
    // What is missing here is asked of the person.
    traits: { [if email != null then 'email']: email },
    verified_addresses: if email == null || unproven then [] else [{ via: 'email', value: email }],
  },
}
