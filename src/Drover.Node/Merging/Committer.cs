using System.Globalization;
using Drover.Node.Repositories;

namespace Drover.Node.Merging;

/// <summary>Who a commit that Drover makes is by.</summary>
public sealed record Committer(string Name, string Email)
{
    internal static readonly Committer Drover = new("Drover", "drover@localhost");

    /// <summary>The project's own <c>user.name</c> and <c>user.email</c>; null when git has not both.</summary>
    public static async Task<Committer?> Of(Repository repository, CancellationToken cancellation)
    {
        var name = await repository.Run(cancellation, "config", "--get", "user.name");
        var email = await repository.Run(cancellation, "config", "--get", "user.email");
        return name.Ok && email.Ok && name.Line.Length > 0 && email.Line.Length > 0 ? new(name.Line, email.Line) : null;
    }

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
