using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Tables;

/// <summary>How tables print a metric and explain it.</summary>
internal static class MetricColumns
{
    extension(MetricDescriptor metric)
    {
        /// <summary>How values without a standard error are printed.</summary>
        public NumberFormat Format => metric.Style switch
        {
            NumberStyle.Compact => NumberFormat.Compact,
            NumberStyle.Duration => NumberFormat.Duration,
            _ => NumberFormat.Fixed(metric.Digits),
        };

        /// <summary>The column of a metric that has one.</summary>
        /// <param name="per">What likelihoods are per.</param>
        /// <param name="scorer">The scorer, of a scored metric; null for none.</param>
        public Column ColumnOf(LikelihoodUnits per, string? scorer = null)
        {
            var column = metric.Column!;
            return new(
                scorer is null ? column.Key : $"{column.Key}_{scorer}",
                metric.Title,
                scorer is null ? column.Unit ?? metric.UnitPer(per) : $"{scorer}, per {per.Short}")
            {
                Format = metric.Format,
                IsUncertain = column.Uncertainty == Uncertainty.Error,
                Interval = column.Uncertainty switch
                {
                    Uncertainty.Interval => IntervalUse.InData,
                    Uncertainty.ShownInterval => IntervalUse.Shown,
                    _ => IntervalUse.None,
                },
                IsDataOnly = column.IsDataOnly,
            };
        }

        /// <summary>Title and sentence.</summary>
        /// <param name="per">What likelihoods are per.</param>
        public string Note(LikelihoodUnits per) =>
            $"{metric.Title}: {metric.Sentence.Replace("{units}", per.Many, StringComparison.Ordinal)}";

        /// <summary>Whether a note below the table says what people see there.</summary>
        public bool IsNoted => metric.Column is { IsDataOnly: false, HasNote: true };
    }
}
