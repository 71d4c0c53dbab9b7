namespace Bench.Cli.Examination;

/// <summary>Looks at everything that the suite stands on.</summary>
internal static class Doctor
{
    public static IEnumerable<Finding> Examine(Session session)
    {
        var corpus = StorageExamination.Corpus(session.Library);
        return
        [
            ProgramExamination.Sdk(),
            .. EngineExamination.All(session.Here.EngineProblem()),
            ProgramExamination.Npm(session.Here.Npm, corpus.Verdict == Verdict.Ok),
            corpus,
            .. StorageExamination.Disk(session),
        ];
    }
}
