using Bench.Reporting.Figures;

namespace Bench.Reporting.Paper;

/// <summary>Pictures of the paper that depend on no result: its method, drawn from the code that trains and generates.</summary>
/// <param name="Hyperschedules">The kinds side by side.</param>
/// <param name="AttentionMasks">Who attends to whom in a step.</param>
/// <param name="TrainingMasks">The same in the pass that trains all steps at once.</param>
/// <param name="NoiseProcesses">The two hybrids beside what they mix.</param>
public sealed record PaperPictures(PictureGrid Hyperschedules, PictureGrid AttentionMasks, PictureGrid TrainingMasks, PictureGrid NoiseProcesses);
