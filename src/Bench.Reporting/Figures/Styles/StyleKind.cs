namespace Bench.Reporting.Figures.Styles;

/// <summary>What a value of the style file is.</summary>
internal enum StyleKind
{
    Text,
    Number,
    Colour,
    Colours,
}
