using Bench.Reporting.Figures.Styles;
using SkiaSharp;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>Sheets as files. The same sheet gives the same bytes.</summary>
internal static class Printer
{
    private const float PointsPerInch = 72;

    /// <summary>The file in a format of <see cref="Figure.Formats"/>.</summary>
    public static byte[] Print(Figure figure, Sheet sheet, FigureStyle style, string format) => format switch
    {
        "svg" => SvgText.Of(Svg(sheet), figure, sheet, style),
        "pdf" => Pdf(figure, sheet),
        _ => Png(sheet, style),
    };

    private static byte[] Svg(Sheet sheet)
    {
        using var stream = new MemoryStream();
        using (var svg = SKSvgCanvas.Create(new SKRect(0, 0, sheet.Width, sheet.Height), stream))
            sheet.Render(svg, isSvg: true);
        return stream.ToArray();
    }

    private static byte[] Pdf(Figure figure, Sheet sheet)
    {
        using var stream = new MemoryStream();

        // Without a date, which would differ from one drawing to the next.
        using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = figure.Name, Subject = figure.Caption, Creator = "bench", RasterDpi = PointsPerInch, EncodingQuality = 101 }))
        {
            sheet.Render(document.BeginPage(sheet.Width, sheet.Height));
            document.EndPage();
            document.Close();
        }

        return stream.ToArray();
    }

    private static byte[] Png(Sheet sheet, FigureStyle style)
    {
        float scale = style.Sizes.Dpi / PointsPerInch;
        using var surface = SKSurface.Create(new SKImageInfo((int)MathF.Ceiling(sheet.Width * scale), (int)MathF.Ceiling(sheet.Height * scale), SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColor.Parse(style.Light.Paper));
        surface.Canvas.Scale(scale);
        sheet.Render(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
