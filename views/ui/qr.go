package ui

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"

	"muster/models"
)

// NewQRCode draws a secret text as a QR code (ISO/IEC 18004), level M. The code
// holds the secret, so it is part of the page, never an image with an address.
func NewQRCode(text models.Secret) (QRCode, error) {
	code, err := qr.Encode(text.Reveal(), qr.M, qr.Auto)
	if err != nil {
		return QRCode{}, fmt.Errorf("draw a QR code: %w", err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return QRCode{Size: size, Path: path.String()}, nil
}
