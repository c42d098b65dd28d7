using System.Text.Json;
using Drover.Api;

namespace Drover.Cli;

internal static class ServerSocket
{
    /// <summary>The path that follows from the home; where nothing is, the one that the server has noted, since it may have been started
    /// with another temporary directory than ours.</summary>
    public static string Of(DroverHome home)
    {
        var path = SocketPath.Of(home);
        if (File.Exists(path) || !File.Exists(home.ServerFile)) return path;
        try
        {
            using var noted = JsonDocument.Parse(File.ReadAllBytes(home.ServerFile));
            return noted.RootElement.GetProperty("socket").GetString() ?? path;
        }
        catch (Exception e) when (e is JsonException or IOException or KeyNotFoundException or InvalidOperationException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
