using Bench.Results.Metrics;

namespace Bench.Scoring;

/// <summary>A model from outside the suite, which reads the decoded text.</summary>
/// <param name="scorer">The model.</param>
public sealed class PretrainedScorer(ITextScorer scorer) : IScorer
{
    /// <inheritdoc/>
    public string Name => scorer.Name;

    /// <inheritdoc/>
    public string Protocol => $"decoded text; {scorer.Protocol}";

    /// <inheritdoc/>
    public TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default) => [.. texts.Select(text =>
    {
        stop.ThrowIfCancellationRequested();
        return text.Text.Length == 0 ? new(0, 0, 0) : scorer.Of(text.Text);
    })];
}

/// <summary>Says how likely a text is, whatever made it.</summary>
public interface ITextScorer
{
    /// <summary>Short, lower case, fit for a table. Scorers that score differently differ in name.</summary>
    string Name { get; }

    /// <summary>How it reads a text, as prose.</summary>
    string Protocol { get; }

    /// <summary>The likelihood of a text on its own.</summary>
    TextLikelihood Of(string text);
}
