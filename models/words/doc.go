// Package words cuts texts into the words that the desk finds them by.
package words
