using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Drover.Api;

namespace Drover.Server.Http;

/// <summary>Reads a request's JSON strictly: unknown and doubled members are mistakes, and a refusal names the place.</summary>
internal static class JsonBody
{
    /// <summary>Above every limit on a field, so that a text that is too long is refused by its own rule, which says the limit.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly ApiJson Strict = new(new(ApiJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
    });

    /// <exception cref="Refusal">The body is no JSON, no UTF-8, too large, or not of this shape.</exception>
    public static async Task<T> Read<T>(HttpContext http)
    {
        var type = (JsonTypeInfo<T>)(Strict.GetTypeInfo(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in ApiJson"));
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted)
                ?? throw new Refusal(Problems.InvalidRequest, "the body is 'null'; send an object");
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
            throw new Refusal(Problems.InvalidRequest, $"the body is not the JSON that belongs here{place}: {Reason(e)}", Field(e.Path));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new Refusal(Problems.TooLarge, $"the body is larger than {MaxBytes / 1024 / 1024} MB");
        }
    }

    /// <summary>The exception's own words without the path and the line, which are said apart.</summary>
    private static string Reason(JsonException e)
    {
        var path = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return (path < 0 ? e.Message : e.Message[..path]).TrimEnd('.');
    }

    private static string? Field(string? path) => path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
}
