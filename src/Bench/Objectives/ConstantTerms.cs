namespace Bench.Objectives;

/// <summary>What a bound owes at its ends whatever the network, in nats per token; infinite where there is no bound.</summary>
/// <param name="Prior">KL(q(x_1 | x_0) ‖ the distribution that generation starts from).</param>
/// <param name="Reconstruction">
/// −E ln p(x_0 | x_t) at the cleanest level, where it is known beforehand; what a network has to be asked for is
/// <see cref="IObjective.Reconstruction"/>.
/// </param>
public readonly record struct ConstantTerms(double Prior, double Reconstruction);
