// Package trail has the page of the audit trail. It is given events as their
// viewer sees them; package telling words them.
package trail
