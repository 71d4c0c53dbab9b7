using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Results;

/// <summary>How records are written as JSON: snake_case keys in order, line feeds, absent values left out.</summary>
internal static class JsonFormat
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<RunState>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static string Text<T>(T value) => CanonicalJson.Indented(JsonSerializer.SerializeToElement(value, Options));

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <exception cref="SuiteException">The file is not what its name says.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(InputFile.ReadText(path), Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException broken)
        {
            throw new SuiteException(
                $"{path}: this file is damaged: {broken.Message}",
                "Restore the file, or delete the run's folder and run the experiment again.",
                broken);
        }
    }
}
