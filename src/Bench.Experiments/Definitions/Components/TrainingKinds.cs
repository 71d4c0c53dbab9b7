using Bench.Experiments.Definitions.Keys;
using Bench.Training;

namespace Bench.Experiments.Definitions.Components;

/// <summary>The optimisers by name. A new one is one more row.</summary>
internal static class OptimiserKinds
{
    private static readonly Key<double> LearningRate = new(
        "learning-rate",
        new Number<double>(new(0, 10, OpenLeast: true), "it is how far an update moves a matrix", "Use 0.02, or less for long trainings."),
        "Rate of Muon's matrices after the warm-up; that of the other parameters is training.learning-rate.",
        "0.02");

    private static readonly Key<double> Momentum = new(
        "momentum",
        new Number<double>(new(0, 1, OpenMost: true), "it is the weight of the past in the momentum", "Use 0.95."),
        "β of the momentum.",
        "0.95");

    private static readonly Key<MuonScale> Scale = new(
        "scale",
        new Choice<MuonScale>("scale", [new("spectral", MuonScale.Spectral), new("root-mean-square", MuonScale.RootMeanSquare)]),
        "spectral: √max(1, out/in); root-mean-square: 0.2 √max(out, in), with which AdamW's rates go.",
        "\"spectral\"");

    public static ComponentKind<IOptimiserChoice> All { get; } = new("optimizer",
    [
        new("adamw", typeof(AdamWChoice), "AdamW for all parameters.", new(), _ => new AdamWChoice()),
        new(
            "muon",
            typeof(MuonChoice),
            "Muon for the matrices of attention and MLP, AdamW for all others; weight-decay and the schedule of the rate hold for both.",
            new(LearningRate, Momentum, Scale),
            values => new MuonChoice(values.Get(LearningRate), values.Get(Momentum), values.Get(Scale)),
            choice => choice is MuonChoice muon
                ? [muon.LearningRate, muon.Momentum, muon.Scale == MuonScale.Spectral ? "spectral" : "root-mean-square"]
                : []),
    ]);
}

/// <summary>The schedules of the learning rate by name. A new one is one more row.</summary>
internal static class RateScheduleKinds
{
    private static readonly Key<double> CoolDown = new(
        "cool-down",
        new Number<double>(new(0, 1, OpenLeast: true), "it is a share of all updates", "Use 0.2."),
        "Share of all updates over which the rate falls.",
        "0.2");

    public static ComponentKind<IRateSchedule> All { get; } = new("rate-schedule",
    [
        new("cosine", typeof(CosineRate), "Warm-up, then half a cosine down to final-rate.", new(), _ => new CosineRate()),
        new("constant", typeof(ConstantRate), "Warm-up, then the full rate, whatever final-rate is.", new(), _ => new ConstantRate()),
        new("linear", typeof(LinearRate), "Warm-up, then a straight line down to final-rate.", new(), _ => new LinearRate()),
        new(
            "trapezoidal",
            typeof(TrapezoidalRate),
            "Warm-up, the full rate, then a straight line down to final-rate.",
            new(CoolDown),
            values => new TrapezoidalRate(values.Get(CoolDown)),
            schedule => schedule is TrapezoidalRate trapezoid ? [trapezoid.CoolDown] : []),
    ]);
}
