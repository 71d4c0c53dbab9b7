namespace Bench.Sampling.Released;

/// <summary>A network as released samplers call it, without cache: all columns, every time.</summary>
/// <param name="call">What it is shown.</param>
/// <returns>[B][C][V] outputs, the mask's included.</returns>
public delegate double[][][] ReleasedNetwork(ReleasedCall call);
