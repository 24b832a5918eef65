package web

// Attribute keys of the log.
const (
	LogRequestID = "request_id"
	LogRoute     = "route"
	LogMethod    = "method"
	LogStatus    = "status"
	LogTook      = "took_ms"
	LogActor     = "actor"
	LogIP        = "ip"
	LogError     = "error"
)
