namespace Bench.Hyperschedules;

/// <summary>A hyperschedule as a heat map of characters: steps go down, positions across, the darker the noisier.</summary>
public static class HyperschedulePicture
{
    /// <summary>A dot where settled, a full block where nothing but noise.</summary>
    public const string Shades = "·░▒▓█";

    /// <summary>The lines of the picture, before the first step to after the last. What is larger than the picture is thinned out evenly; the first and the last line stay.</summary>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="width">The most positions shown.</param>
    /// <param name="height">The most lines, at least 2.</param>
    public static IEnumerable<string> Lines(Hyperschedule hyperschedule, int width = 80, int height = 40)
    {
        var (columns, rows) = (Math.Clamp(width, 1, hyperschedule.Length), Math.Clamp(height, 2, hyperschedule.Steps + 1));
        for (int row = 0; row < rows; row++)
        {
            int step = (int)((long)row * hyperschedule.Steps / (rows - 1));
            yield return string.Create(columns, (hyperschedule, step), static (line, at) =>
            {
                for (int column = 0; column < line.Length; column++)
                    line[column] = Shade(at.hyperschedule, at.step, (int)((long)column * at.hyperschedule.Length / line.Length));
            });
        }
    }

    private static char Shade(Hyperschedule hyperschedule, int step, int position)
    {
        int level = hyperschedule.LevelAt(step, position);
        if (level == 0 || level == hyperschedule.Depth)
            return level == 0 ? Shades[0] : Shades[^1];
        return Shades[1 + ((level - 1) * (Shades.Length - 2) / (hyperschedule.Depth - 1))];
    }
}
