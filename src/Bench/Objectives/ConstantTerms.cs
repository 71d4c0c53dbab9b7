namespace Bench.Objectives;

/// <summary>The ends of the bound, in nats per token; infinite where the process leaves a bound without value.</summary>
/// <param name="Prior">KL(q(x_1 | x_0) ‖ prior).</param>
/// <param name="Reconstruction">−E ln p(x_0 | x_t) at the cleanest level that the bound sees.</param>
public readonly record struct ConstantTerms(double Prior, double Reconstruction);
