// Package lists reads lists of people and computers as programs give them: what
// somebody typed, the address line of a mail program, a sheet saved as text, the
// export of a directory. It decodes, finds lines and columns, and guesses what each
// is; whoever shows the result lets people choose otherwise. Nothing is lost on the
// way: what is not used is counted, and a line that cannot be used is named.
package lists
