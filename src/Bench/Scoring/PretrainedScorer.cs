namespace Bench.Scoring;

/// <summary>A model from outside the suite, which reads the decoded text.</summary>
/// <param name="judge">The model.</param>
public sealed class PretrainedScorer(ITextScorer judge) : IScorer
{
    /// <inheritdoc/>
    public string Name => judge.Name;

    /// <inheritdoc/>
    public string Protocol => $"decoded text; {judge.Protocol}";

    /// <inheritdoc/>
    public TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default) => [.. texts.Select(text =>
    {
        stop.ThrowIfCancellationRequested();
        return text.Text.Length == 0 ? new(0, 0, 0) : judge.Of(text.Text);
    })];
}
