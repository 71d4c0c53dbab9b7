namespace Bench.Results.Runs;

/// <summary>The training run at one logged step: a row of <c>training.csv</c>.</summary>
/// <param name="Step">Optimiser updates done.</param>
/// <param name="Tokens">Tokens seen.</param>
/// <param name="Seconds">Time trained, without evaluation, over all restarts.</param>
/// <param name="Loss">Training loss in nats per token, averaged since the last logged step.</param>
/// <param name="GradientNorm">Global norm of the gradient before clipping.</param>
/// <param name="LearningRate">Learning rate of this step.</param>
/// <param name="TokensPerSecond">Speed since the last logged step.</param>
/// <param name="ValidationBits">
/// Validation bits per character, or per token where tokens are not characters, where this step was evaluated.
/// </param>
public sealed record TrainingPoint(
    long Step,
    long Tokens,
    double Seconds,
    double Loss,
    double GradientNorm,
    double LearningRate,
    double TokensPerSecond,
    double? ValidationBits = null);
