package webdriver

// StartAgain is startAgain.
var StartAgain = startAgain
