using System.Text.Json;
using Drover.Api;

namespace Drover.Server.Doctor;

/// <summary>Whether a server answers for this home.</summary>
internal static class ServerCheck
{
    public static Finding Look(DroverHome home)
    {
        if (SocketPath.WhyUnsafe() is not null) return new("server", Grade.Warn, "not asked, since its socket's directory is not safe");
        try
        {
            using var answer = JsonDocument.Parse(new ApiClient(SocketPath.Of(home), null).Get("/api/v1/server"));
            return new("server", Grade.Ok, $"runs: pid {answer.RootElement.GetProperty("pid").GetInt32()}, {answer.RootElement.GetProperty("url").GetString()}");
        }
        catch (ServerNotRunningException)
        {
            return new("server", Grade.Ok, "does not run; drover up starts it");
        }
        catch (Exception e) when (e is ServerSilentException or RefusedException or InvalidDataException or JsonException)
        {
            return new("server", Grade.Fail, $"does not answer as it should: {e.Message}", $"Its log is {home.LogFile}; drover down and drover up start it anew.");
        }
    }
}
