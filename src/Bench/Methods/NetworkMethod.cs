using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Sampling;

namespace Bench.Methods;

/// <summary>A method as a row of five components: noise process, hyperschedule, objective, backbone view, sampler.</summary>
/// <param name="Name">The name in definitions.</param>
/// <param name="Title">The name in tables and figures.</param>
/// <param name="Paper">Where it was published.</param>
/// <param name="Equation">Which equation of the paper is minimised.</param>
/// <param name="Noise">How text is corrupted.</param>
/// <param name="Schedule">How fast.</param>
/// <param name="Path">Which position is how noisy at which step.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="View">How the backbone is looked at.</param>
/// <param name="Sampler">How text is generated.</param>
public sealed record NetworkMethod(
    string Name,
    string Title,
    string Paper,
    string Equation,
    INoiseProcess Noise,
    INoiseSchedule Schedule,
    HyperscheduleChoice Path,
    ObjectiveChoice Loss,
    BackboneView View,
    ISampler Sampler) : IMethod
{
    /// <summary>The components in JSON, where they are not those of a row of the table: what the row can be made again from.</summary>
    public string? Composition { get; init; }

    /// <summary>Which position is how noisy at which step, for a length and a number of steps asked for; where short steps have no limit, they are part of the method and nothing can be asked for.</summary>
    public Hyperschedule Hyperschedule(int length, int steps) => Path.Of(length, steps);

    /// <summary>What is minimised on a setup.</summary>
    public IObjective Objective(DiffusionSetup setup) => Loss.Of(setup);

    /// <summary>The diffusion setup for sequences of a length, in about that many steps from noise to text where the method leaves the choice; by default one a token.</summary>
    public DiffusionSetup Setup(Vocabulary vocabulary, int length, int? steps = null) => new(vocabulary, Noise, Schedule, Hyperschedule(length, steps ?? length), View);

    /// <summary>Whether the caller chooses the number of steps. If not, as token by token, there are as many as the hyperschedule has.</summary>
    public bool LeavesSteps(int length) => Hyperschedule(length, 1).Steps != Hyperschedule(length, 2 * length).Steps;

    /// <summary>The row as text, parameters included: what results depend on beside the definition.</summary>
    public IEnumerable<(string Component, string Is)> Components(Vocabulary vocabulary, int length)
    {
        var setup = Setup(vocabulary, length);
        yield return ("noise", Noise.Name);
        yield return ("schedule", Schedule.Name);
        yield return ("hyperschedule", setup.Hyperschedule.Name);
        yield return ("objective", Objective(setup).Name);
        yield return ("view", View.ToString());
        yield return ("sampler", Sampler.Name);
    }
}
