using System.Text.Json;
using Drover.Api;

namespace Drover.Cli.Parsing;

internal static class RunNames
{
    /// <summary>The address of the run that is meant: by its name or id, or by a ticket's key, which means the ticket's newest run.</summary>
    public static string Address(Call call, Argument which)
    {
        var named = call[which];
        if (!LooksLikeKey(named)) return Of(named);
        try
        {
            using var runs = JsonDocument.Parse(call.Server.Get(Query.Of("/api/v1/runs", ("ticket", named), ("limit", "1"))));
            return runs.RootElement.GetArrayLength() == 0 ? Of(named) : Of(runs.RootElement[0].GetProperty("id").GetString()!);
        }
        catch (RefusedException e) when (e.Problem.Code == Problems.HumanOnly.Code)
        {
            // A run may not ask for lists; what it names is taken as a name.
            return Of(named);
        }
    }

    private static string Of(string named) => $"/api/v1/runs/{Call.Part(named)}";

    /// <summary>Letters and digits, one dash, digits. Names of runs have more dashes, save those without a ticket, which the server then finds.</summary>
    private static bool LooksLikeKey(string named)
    {
        var dash = named.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && dash < named.Length - 1 && named.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0
            && named.AsSpan(0, dash).ToString().All(char.IsAsciiLetterOrDigit);
    }
}
