using System.Text.Json;
using Drover.Api;

namespace Drover.Server.Http;

/// <summary>Reads a request's JSON strictly: unknown and doubled members are mistakes, and a refusal names the place.</summary>
internal static class JsonBody
{
    /// <summary>Above every limit on a field, so that a text that is too long is refused by its own rule, which says the limit.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <exception cref="Refusal">It is too large.</exception>
    public static async Task<byte[]> Bytes(HttpContext http)
    {
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            return body.ToArray();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new Refusal(Problems.TooLarge, $"the body is larger than {MaxBytes / 1024 / 1024} MB");
        }
    }

    /// <summary>An empty body counts as an empty object.</summary>
    /// <exception cref="Refusal">It is no JSON, no UTF-8, or not of this shape.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json.IsEmpty ? "{}"u8 : json, WireJson.In<T>())
                ?? throw new Refusal(Problems.InvalidRequest, "the body is 'null'; send an object");
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
            throw new Refusal(Problems.InvalidRequest, $"the body is not the JSON that belongs here{place}: {Reason(e)}", Field(e.Path));
        }
    }

    /// <summary>The reader's own words, unless they speak of our types: then in ours.</summary>
    private static string Reason(JsonException e) => e.Message switch
    {
        var own when own.Contains("could not be mapped", StringComparison.Ordinal) => "there is no such member",
        var own when own.Contains("uplicate", StringComparison.Ordinal) => "the member is there twice",
        var own when own.Contains("Drover.", StringComparison.Ordinal) || own.Contains("System.", StringComparison.Ordinal) =>
            "the value is of another type, or no valid UTF-8",
        var own => own.Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd('.'),
    };

    private static string? Field(string? path) => path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
}
