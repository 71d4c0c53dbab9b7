using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Something whose speed is measured. A new one is a new row of <see cref="SpeedCases"/>.</summary>
public interface ISpeedCase
{
    /// <summary>Words with hyphens between them: what is done, with which method, at which size.</summary>
    string Name { get; }

    /// <summary>The size of the network and of its texts.</summary>
    SpeedSize Size { get; }

    /// <summary>The type of products, unless another is asked for.</summary>
    Precision Usual { get; }

    /// <summary>Gets ready, with first weights and text without structure.</summary>
    ISpeedWork Begin(Precision precision);
}

/// <summary>Work that can be done again and again: a training step, or the generation of a batch of texts.</summary>
public interface ISpeedWork : IDisposable
{
    /// <summary>Tokens of text that go through training, or come out of generation, each time.</summary>
    double Tokens { get; }

    /// <summary>Steps each time: updates, or calls of the network. Known once the work was done.</summary>
    double Steps { get; }

    /// <summary>Floating-point operations each time. Known once the work was done.</summary>
    double Flops { get; }

    /// <summary>Does it once.</summary>
    /// <param name="stop">Ends it early, with an <see cref="OperationCanceledException"/> where it is not short anyway.</param>
    void Once(CancellationToken stop);
}
