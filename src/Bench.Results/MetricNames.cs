namespace Bench.Results;

/// <summary>
/// What a metric is called in <c>metrics.csv</c>. The runner writes these, reports and regression checks read them. What is per character here is per token, and its unit says
/// so, where the vocabulary's tokens are not characters (<see cref="LikelihoodUnits"/>).
/// </summary>
public static class MetricNames
{
    /// <summary>The exact negative log-likelihood, or its variational bound, in <see cref="Units.BitsPerCharacter"/>.</summary>
    public const string Likelihood = "likelihood";

    /// <summary>The same in <see cref="Units.NatsPerCharacter"/>.</summary>
    public const string LikelihoodNats = "likelihood-nats";

    /// <summary>2 to the power of <see cref="Likelihood"/>, in <see cref="Units.PerplexityPerCharacter"/>.</summary>
    public const string Perplexity = "perplexity";

    /// <summary>The same likelihood in <see cref="Units.BitsPerCharacter"/>, where <see cref="Likelihood"/> is per token: comparable between vocabularies.</summary>
    public const string LikelihoodPerCharacter = "likelihood-per-character";

    /// <summary>The diffusion term of a bound, in <see cref="Units.NatsPerCharacter"/>. A run that has it reports an upper bound.</summary>
    public const string Diffusion = "diffusion";

    /// <summary>The prior term of a bound, in <see cref="Units.NatsPerCharacter"/>.</summary>
    public const string Prior = "prior";

    /// <summary>The reconstruction term of a bound, in <see cref="Units.NatsPerCharacter"/>.</summary>
    public const string Reconstruction = "reconstruction";

    /// <summary>The part of a bound's standard error that more draws would lessen, in <see cref="Units.BitsPerCharacter"/>.</summary>
    public const string DrawError = "draw-error";

    /// <summary>The likelihood of a split as one stream, each token given all before it, in <see cref="Units.BitsPerCharacter"/>: not to be compared with <see cref="Likelihood"/>.</summary>
    public const string LikelihoodStream = "likelihood-stream";

    /// <summary>The cross-entropy of the law that the text was drawn from, where it is known, in <see cref="Units.BitsPerCharacter"/>: no likelihood of the same chunks is below it but by chance.</summary>
    public const string TrueEntropy = "true-entropy";

    /// <summary>How much more likely a text is under the law that it was drawn from than under the model, KL(truth ‖ model) or its upper bound, in <see cref="Units.NatsPerCharacter"/>.</summary>
    public const string KlFromTruth = "kl-from-truth";

    /// <summary>Tokens trained on per second, in <see cref="Units.TokensPerSecond"/>.</summary>
    public const string TrainingSpeed = "training-speed";

    /// <summary>Trainable parameters, or stored counts of an n-gram model.</summary>
    public const string Parameters = "parameters";

    /// <summary>Training and evaluation together, in <see cref="Units.Seconds"/>.</summary>
    public const string WallTime = "wall-time";

    /// <summary>Tokens seen in training, repeats included.</summary>
    public const string TrainingTokens = "training-tokens";

    /// <summary>Optimiser updates.</summary>
    public const string TrainingSteps = "training-steps";

    /// <summary>The process's peak resident memory, in <see cref="Units.Mebibytes"/>.</summary>
    public const string PeakMemory = "peak-memory";
}
