// Package mask hides e-mail and IP addresses in texts.
package mask
