// Package admin holds the pages on which administrators create, list and
// change things, and of requests. A form holds what was typed as raw strings, so that it can be
// shown again as it was typed.
//
// Start with registration_token_list.templ; parts.templ has what pages share.
package admin
