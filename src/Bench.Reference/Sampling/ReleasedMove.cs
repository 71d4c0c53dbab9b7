namespace Bench.Reference.Sampling;

/// <summary>State of one step of HDLM's ε-hybrid samplers: tokens as the network saw them, and as they become.</summary>
/// <param name="Tokens">[B][C], changed in place.</param>
/// <param name="CleanDistribution">What a token is drawn from.</param>
/// <param name="MaskId">The mask.</param>
/// <param name="Draws">Which tokens move.</param>
/// <param name="Pick">Where they go.</param>
internal sealed record ReleasedMove(long[][] Tokens, Func<Place, double[]> CleanDistribution, long MaskId, IDraws Draws, IPick Pick)
{
    private readonly long[][] before = Array.ConvertAll(Tokens, row => row.ToArray());

    public bool WasMasked(Place at) => before[at.Row][at.Position] == MaskId;

    /// <summary>Each with a probability of its own; all are drawn for before any is used.</summary>
    public Place[] Chosen(IEnumerable<Place> places, Func<Place, double> probability) =>
        [.. places.Where(at => Draws.Happens(probability(at)))];

    public Place[] Chosen(IEnumerable<Place> places, double probability) => Chosen(places, _ => probability);

    public void Draw(IEnumerable<Place> places)
    {
        foreach (var at in places)
            Tokens[at.Row][at.Position] = Pick.From(CleanDistribution(at));
    }

    /// <summary>Draws for all, and uses it where there was a mask.</summary>
    public void DrawMasked(IEnumerable<Place> places)
    {
        foreach (var at in places)
        {
            int token = Pick.From(CleanDistribution(at));
            if (WasMasked(at))
                Tokens[at.Row][at.Position] = token;
        }
    }

    public void Mask(IEnumerable<Place> places)
    {
        foreach (var at in places)
            Tokens[at.Row][at.Position] = MaskId;
    }
}

/// <summary>A token of a batch.</summary>
internal readonly record struct Place(int Row, int Position)
{
    /// <summary>Those of some positions, row by row.</summary>
    public static Place[] Of(int rows, int begin, int end) =>
        [.. from row in Enumerable.Range(0, rows) from position in Enumerable.Range(begin, end - begin) select new Place(row, position)];
}
