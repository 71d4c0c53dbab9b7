using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Objectives;
using Bench.Sampling;

namespace Bench.Methods;

/// <summary>A method as a row of five nouns: noise process, hyperschedule, objective, backbone view, sampler.</summary>
/// <param name="Name">The name in definitions.</param>
/// <param name="Title">The name in tables and figures.</param>
/// <param name="Paper">Where it was published.</param>
/// <param name="Noise">How text is corrupted.</param>
/// <param name="Hyperschedule">Which position is how noisy at which step, for a length and a number of steps asked for.</param>
/// <param name="Objective">What is minimised, for a vocabulary.</param>
/// <param name="View">How the backbone is looked at.</param>
/// <param name="Sampler">How text is generated.</param>
public sealed record NetworkMethod(
    string Name,
    string Title,
    string Paper,
    INoiseProcess Noise,
    Func<int, int, Hyperschedule> Hyperschedule,
    Func<Vocabulary, IObjective> Objective,
    BackboneView View,
    ISampler Sampler) : IMethod;
