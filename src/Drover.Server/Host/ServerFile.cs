using System.Text.Json;
using Drover.Api;
using Drover.Server.Files;

namespace Drover.Server.Host;

/// <summary><c>server.json</c>: which process serves the home, and where. It stays when the server ends; pid and start time tell whether it still holds.</summary>
internal static class ServerFile
{
    public static ServerFileJson? Read(DroverHome home)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(home.ServerFile), ApiJson.Default.ServerFileJson);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static void Write(DroverHome home, ServerFileJson content) =>
        WholeFile.Write(home.ServerFile, JsonSerializer.SerializeToUtf8Bytes(content, ApiJson.Default.ServerFileJson));
}
