using Bench.Reporting.Comparisons;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>A dot.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Family">Its colour; null for a baseline.</param>
/// <param name="Value">Where it stands.</param>
/// <param name="Error">One standard error to each side; 0 for none.</param>
/// <param name="IsBound">Whether the true value is at most this one.</param>
/// <param name="Text">Value and error, written beside it.</param>
internal sealed record DotRow(string Name, Family? Family, double Value, double Error, bool IsBound, string Text);
