using System.Text;
using System.Text.RegularExpressions;

namespace Bench.Reporting.Figures;

/// <summary>Takes out of a drawn file what differs from one drawing to the next.</summary>
internal static partial class Undated
{
    public static byte[] Of(string format, byte[] content) => format switch
    {
        // Latin-1 maps every byte to one character and back, and the replacement is as long, so no offset moves.
        "pdf" => Encoding.Latin1.GetBytes(PdfDate().Replace(Encoding.Latin1.GetString(content), match => "(D:19700101000000" + new string(' ', match.Length - 18) + ")")),
        "svg" => Encoding.UTF8.GetBytes(Producer().Replace(Encoding.UTF8.GetString(content), "")),
        _ => content,
    };

    [GeneratedRegex(@"(?<=/CreationDate )\(D:\d{14}[^)]*\)")]
    private static partial Regex PdfDate();

    [GeneratedRegex(@"<desc>Produced by GNUPLOT[^<]*</desc>\s*")]
    private static partial Regex Producer();
}
