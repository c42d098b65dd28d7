using Drover.Api;
using Drover.Server.Journaling;

namespace Drover.Server.Http;

/// <summary>The server about itself.</summary>
internal static class ServerRoutes
{
    public static void Map(Routes routes, Journal journal, Func<ServerJson> server, Logins logins, IHostApplicationLifetime lifetime)
    {
        routes.Query("/server", Access.Owner, _ => server());
        routes.Deed<ReasonJson, LoginLinkJson>("POST", "/login-links", Access.Human, 201, (_, _) => logins.MakeLink(server().Url));
        routes.Deed<BackupJson, BackedUpJson>("POST", "/backup", Access.Human, 201, (_, wish) => BackUp(journal, wish.To));
        routes.Deed<ReasonJson, StoppingJson>("POST", "/server/stop", Access.Human, 202, (_, _) =>
        {
            // The answer is on its way before the doors close: stopping waits for requests that are being answered.
            lifetime.StopApplication();
            return Task.FromResult(new StoppingJson(server().Pid));
        });
    }

    private static async Task<BackedUpJson> BackUp(Journal journal, string? to)
    {
        if (to is null || !Path.IsPathRooted(to)) throw new Refusal(Problems.InvalidValue, "is an absolute path", "to");
        try
        {
            await journal.Backup(to);
        }
        catch (JournalRefusedException e)
        {
            throw new Refusal(Problems.Conflict, e.Message);
        }

        return new(to, new FileInfo(to).Length);
    }
}
