namespace Bench.Pretrained.Scorers;

/// <summary>What a text's first token is predicted from.</summary>
public enum FirstToken
{
    /// <summary>The mark that stands between texts: every token is predicted.</summary>
    BehindMark,

    /// <summary>Nothing: it is read but not predicted, as generative perplexity is computed by MDLM (arXiv 2406.07524) and those who follow it.</summary>
    Given,
}
