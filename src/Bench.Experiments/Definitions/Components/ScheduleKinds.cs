using Bench.Experiments.Definitions.Keys;
using Bench.Noise.Schedules;

namespace Bench.Experiments.Definitions.Components;

/// <summary>The noise schedules by name. A new schedule is one more row.</summary>
internal static class ScheduleKinds
{
    private const double MostSigma = 100;

    private static readonly Key<double> Left = new(
        "epsilon",
        new Number<double>(
            new(0, 1, OpenMost: true), "it is the share that stays clean at time 1", "Use 0, or 1e-3 as the published codes do."),
        "The share that stays clean at time 1.",
        "0");

    private static readonly Key<int> CosinePower = new(
        "power",
        new Number<int>(new(1, 2), "it is the power of the cosine", "Use 1 for the cosine schedule, 2 for its square."),
        "1 for the cosine, 2 for its square.",
        "1");

    private static readonly Key<double> Masked = new(
        "masked",
        new Number<double>(new(0, 1, OpenMost: true), "it is the share that is noise at time 0 already", "Use 0."),
        "The share that is noise at time 0 already.",
        "0");

    private static readonly Key<double> LeastPositive = Sigma("least", "σ at time 0.", OpenLeast: true);
    private static readonly Key<double> MostPositive = Sigma("most", "σ at time 1.", OpenLeast: true);
    private static readonly Key<double> Least = Sigma("least", "σ at time 0.", OpenLeast: false);
    private static readonly Key<double> Most = Sigma("most", "σ at time 1.", OpenLeast: true);

    private static readonly Key<double> LeastShare = new(
        "least",
        new Number<double>(
            new(0, 1, OpenLeast: true, OpenMost: true), "it is the masked share at time 0", "Use 1e-3; smaller shares are never seen."),
        "The masked share at time 0.",
        IsRequired: true);

    private static readonly Key<double> MostShare = new(
        "most",
        new Number<double>(new(0, 1, OpenLeast: true), "it is the masked share at time 1", "Use 1."),
        "The masked share at time 1.",
        "1");

    private static readonly Key<double> Power = new(
        "power",
        new Number<double>(
            new(0, 16, OpenLeast: true), "it is the power of time", "Use 2 for the square, 0.5 for the root; 1 is log-linear."),
        "p of the masked share t^p.",
        IsRequired: true);

    private static readonly Key<int> VocabularySize = new(
        "vocabulary",
        new Number<int>(new(2, 1 << 24), "it counts the tokens of the vocabulary", "Use the vocabulary's size, such as 27."),
        "N, the size of the vocabulary.",
        IsRequired: true)
    {
        StoredName = "words", // stored name
    };
    private static readonly Key<double> LeastGamma = Logarithm("least", "γ at time 0; Duo has -3.5 for 30522 tokens.");
    private static readonly Key<double> MostGamma = Logarithm("most", "γ at time 1; Duo has -1.75 for 30522 tokens.");

    public static ComponentKind<INoiseSchedule> All { get; } = new("schedule",
    [
        new(
            "log-linear",
            typeof(LogLinear),
            "A masked share that grows linearly.",
            new(Left),
            values => new LogLinear(values.Get(Left)),
            schedule => [((LogLinear)schedule).Epsilon]),
        new("cosine", typeof(Cosine), "A clean share that falls as a cosine, or as its square.", new(CosinePower, Left, Masked),
            values => new Cosine(values.Get(CosinePower), values.Get(Left), values.Get(Masked)),
            schedule => schedule is Cosine cosine ? [cosine.Power, cosine.Epsilon, cosine.Masked] : []),
        new("geometric", typeof(Geometric), "σ grows geometrically (SEDD).", new(LeastPositive, MostPositive),
            values => new Geometric(values.Get(LeastPositive), values.Get(MostPositive)),
            schedule => [((Geometric)schedule).Least, ((Geometric)schedule).Most]),
        new(
            "linear",
            typeof(Linear),
            "σ grows linearly.",
            new(Least, Most),
            values => new Linear(values.Get(Least), values.Get(Most)),
            schedule => [((Linear)schedule).Least, ((Linear)schedule).Most]),
        new(
            "log-uniform",
            typeof(LogUniform),
            "Every masked token has the same weight (MDLM's change of variables).",
            new(LeastShare, MostShare),
            values => new LogUniform(values.Get(LeastShare), values.Get(MostShare)),
            schedule => [((LogUniform)schedule).Least, ((LogUniform)schedule).Most]),
        new("logarithmic", typeof(Logarithmic), "A masked share ln(1 + t)/ln 2 (BD3-LM).", new(), _ => new Logarithmic()),
        new(
            "polynomial",
            typeof(Polynomial),
            "A masked share t^p (BD3-LM).",
            new(Power),
            values => new Polynomial(values.Get(Power)),
            schedule => [((Polynomial)schedule).Power]),
        new("dense-ends", typeof(DenseEnds), "A masked share that lingers at both ends.", new(), _ => new DenseEnds()),
        new(
            "gaussian-argmax",
            typeof(GaussianArgmax),
            "The uniform noise that the argmax of a Gaussian latent undergoes (Duo).",
            new(VocabularySize, LeastGamma, MostGamma),
            values => new GaussianArgmax(values.Get(VocabularySize), values.Get(LeastGamma), values.Get(MostGamma)),
            schedule => schedule is GaussianArgmax argmax ? [argmax.TokenCount, argmax.Least, argmax.Most] : [])
        {
            Refuses = (schedule, setup) =>
                ((GaussianArgmax)schedule).TokenCount == setup.Vocabulary.TokenCount
                    ? null
                    : $"vocabulary is {((GaussianArgmax)schedule).TokenCount}, but there are {setup.Vocabulary.TokenCount} tokens",
        },
    ]);

    private static Key<double> Sigma(string name, string doc, bool OpenLeast) =>
        new(name, new Number<double>(new(0, MostSigma, OpenLeast), "it is a total noise", "Use 1e-4 to 20."), doc, IsRequired: true);

    private static Key<double> Logarithm(string name, string doc) =>
        new(
            name,
            new Number<double>(new(-50, 50), "it is the logarithm of a ratio of variances", "Use -3.5 to -1.75."),
            doc,
            IsRequired: true);
}
