using Bench.Experiments.Format;
using Bench.Experiments.Keys;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;

namespace Bench.Experiments.Components;

/// <summary>The keys of a method that is written as a section.</summary>
internal static class MethodKeys
{
    public static readonly Key<string> Name = new(
        "name", new Words("a short name of lower-case letters, digits and hyphens", ExperimentKeys.Slug()), "Names it; no name of the table.");

    public static readonly Key<string> Title = new("title", new Line(mayBeEmpty: false), "Names it in tables and figures; by default its name.");

    public static readonly Key<string> From = new("from", new Words("the name of a method with a network"), "The row of the table that nouns are taken from that are not written.");

    public static readonly Key<Component<INoiseProcess>> Noise = new("noise", NoiseKinds.All, "How text is corrupted.");
    public static readonly Key<Component<INoiseSchedule>> Schedule = new("schedule", ScheduleKinds.All, "How fast.");
    public static readonly Key<Component<HyperscheduleChoice>> Hyperschedule = new("hyperschedule", HyperscheduleKinds.All, "Which position is how noisy at which step.");
    public static readonly Key<Component<ObjectiveChoice>> Objective = new("objective", ObjectiveKinds.All, "What is minimised.");
    public static readonly Key<Values> View = new("view", ViewKeys.Section, "How the backbone is looked at.", IsRequired: true);
    public static readonly Key<string> Sampler = new("sampler", new SamplerKind(), "How text is generated.");

    /// <summary>What a method consists of; schedule included, which goes with the noise.</summary>
    public static readonly Key[] Nouns = [Noise, Schedule, Hyperschedule, Objective, View, Sampler];

    public static Section Section { get; } = new([Name, Title, From, .. Nouns]);
}
