using System.Text;

namespace Bench.Reporting.Tables;

/// <summary>Words and numbers as LaTeX reads them.</summary>
public static class LatexText
{
    private static readonly Dictionary<char, string> Escapes = new()
    {
        ['\\'] = @"\textbackslash{}",
        ['~'] = @"\textasciitilde{}",
        ['^'] = @"\textasciicircum{}",
        ['<'] = @"\textless{}",
        ['>'] = @"\textgreater{}",
        ['|'] = @"\textbar{}",
        ['"'] = "''",
        ['&'] = @"\&",
        ['%'] = @"\%",
        ['$'] = @"\$",
        ['#'] = @"\#",
        ['_'] = @"\_",
        ['{'] = @"\{",
        ['}'] = @"\}",
        ['–'] = "--",
        ['±'] = @"$\pm$",
        ['×'] = @"$\times$",
        ['·'] = @"$\cdot$",
        ['≤'] = @"$\le$",
        ['≥'] = @"$\ge$",
        ['∞'] = @"$\infty$",
        ['−'] = "$-$",
        ['α'] = @"$\alpha$",
        ['β'] = @"$\beta$",
        ['γ'] = @"$\gamma$",
        ['ε'] = @"$\epsilon$",
        ['η'] = @"$\eta$",
        ['λ'] = @"$\lambda$",
        ['ρ'] = @"$\rho$",
        ['σ'] = @"$\sigma$",
        ['τ'] = @"$\tau$",
        ['ω'] = @"$\omega$",
    };

    /// <summary>Words as they are: nothing in them is a command.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char letter in text.ReplaceLineEndings(" "))
            escaped.Append(Escapes.TryGetValue(letter, out string? command) ? command : letter.ToString());
        return escaped.ToString();
    }

    /// <summary>Such as <c>$\le 2.413 \pm 0.009$</c>.</summary>
    internal static string Number(Cell.Number number, Column column)
    {
        var (value, uncertainty) = number.Round(column);
        if (uncertainty is null && !number.Value.IsUpperBound)
            return Escape(value);
        string spread = uncertainty is null ? "" : " " + uncertainty.Replace("±", @"\pm", StringComparison.Ordinal).Replace("[", @"\;[", StringComparison.Ordinal);
        return $"${(number.Value.IsUpperBound ? @"\le " : "")}{value}{spread}$".Replace("∞", @"\infty", StringComparison.Ordinal);
    }
}
