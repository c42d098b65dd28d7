using Drover.Api;

namespace Drover.Server.Config;

/// <summary>The machine's settings in the state directory.</summary>
internal static class MachineFile
{
    public static string PathIn(DroverHome home) => Path.Combine(home.Path, ConfigFile.MachineName);

    /// <summary>The settings, the defaults when there is no file, or all that is wrong with it.</summary>
    public static ConfigRead<MachineConfig> Load(DroverHome home, IReadOnlyList<string> adapters)
    {
        var file = PathIn(home);
        try
        {
            return ConfigFile.ReadMachine(BoundedFile.Read(file), file, adapters);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(MachineConfig.Default, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, [new(file, 1, 1, "", $"cannot be read: {e.Message}")]);
        }
    }
}

internal static class BoundedFile
{
    /// <summary>A configuration file's bytes; of one that is too long a byte more than is accepted, so that its reader sees that.</summary>
    public static byte[] Read(string file)
    {
        using var stream = File.OpenRead(file);
        var buffer = new byte[YamlTree.MostBytes + 1];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }
}
