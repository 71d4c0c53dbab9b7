using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Something whose speed is measured. A new one is a new row of <see cref="SpeedCases"/>.</summary>
public interface ISpeedCase
{
    /// <summary>Words with hyphens between them: what is done, with which method, at which size.</summary>
    string Name { get; }

    /// <summary>The size of the network and of its texts.</summary>
    SpeedSize Size { get; }

    /// <summary>The type of products, where nobody asks for another.</summary>
    Precision Usual { get; }

    /// <summary>Gets ready, with first weights and text without structure.</summary>
    ISpeedWork Begin(Precision precision);
}
