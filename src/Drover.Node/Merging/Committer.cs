using System.Globalization;
using System.Text;
using Drover.Node.Repositories;

namespace Drover.Node.Merging;

/// <summary>Who a commit that Drover makes is by.</summary>
public sealed record Committer(string Name, string Email)
{
    public static readonly Committer Drover = new("Drover", "drover@localhost");

    /// <summary>The project's own <c>user.name</c> and <c>user.email</c>; null when git has not both.</summary>
    public static async Task<Committer?> Of(Repository repository, CancellationToken cancellation)
    {
        var found = await repository.Run(cancellation, "config", "-z", "--get-regexp", @"^user\.(name|email)$");
        string[] settings = [.. found.Records.Select(r => Encoding.UTF8.GetString(r))];
        var (name, email) = (Last(settings, "user.name"), Last(settings, "user.email"));
        return name.Length > 0 && email.Length > 0 ? new(name, email) : null;
    }

    /// <summary>The value that counts: of several files' settings that of the last one.</summary>
    private static string Last(string[] settings, string key) =>
        Array.FindLast(settings, s => s.StartsWith(key + "\n", StringComparison.Ordinal))?[(key.Length + 1)..].Trim() ?? "";

    internal IReadOnlyDictionary<string, string> Environment(TimeProvider time)
    {
        var date = $"{time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} +0000";
        return new Dictionary<string, string>
        {
            ["GIT_AUTHOR_NAME"] = Name,
            ["GIT_AUTHOR_EMAIL"] = Email,
            ["GIT_AUTHOR_DATE"] = date,
            ["GIT_COMMITTER_NAME"] = Name,
            ["GIT_COMMITTER_EMAIL"] = Email,
            ["GIT_COMMITTER_DATE"] = date,
        };
    }
}
