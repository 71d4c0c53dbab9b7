namespace Bench.Data;

/// <summary>What a document is used for.</summary>
public enum Split
{
    /// <summary>Parameters are fitted on it.</summary>
    Train,

    /// <summary>Choices are made on it.</summary>
    Validation,

    /// <summary>Numbers are reported on it.</summary>
    Test,

    /// <summary>All documents: a corpus that nothing is trained on, such as a zero-shot set.</summary>
    Whole,
}
