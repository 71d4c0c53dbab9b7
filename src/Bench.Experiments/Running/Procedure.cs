using Bench.Methods;

namespace Bench.Experiments.Running;

/// <summary>How runs of one kind of method are carried out.</summary>
internal abstract class Procedure
{
    /// <summary>Whether the method is trained step by step.</summary>
    public abstract bool IsTrained { get; }

    /// <summary>The procedure of a method. A new kind of method is one more line here.</summary>
    public static Procedure Of(IMethod method) => method switch
    {
        NetworkMethod network => new NetworkProcedure(network),
        NGram ngram => new NGramProcedure(ngram),
        RealText => new RealTextProcedure(),
        _ => throw new ArgumentException($"{method.Name} is of a kind that no procedure carries out", nameof(method)),
    };

    /// <summary>Leaves out of a run what its method does not depend on, so that a change there does not rename the run.</summary>
    public abstract RunSpec Specialise(RunSpec spec);

    /// <summary>Makes everything ready, and goes back to the last checkpoint. What fails here has not begun.</summary>
    public abstract Run Prepare(RunContext context);
}
