using System.Globalization;
using Drover.Api;
using Drover.Server.Config;

namespace Drover.Server.Doctor;

/// <summary>The state directory: whose it is, whether it can be written, how much room it has, and its settings.</summary>
internal static class HomeCheck
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The machine's settings, or the defaults where the file is absent or wrong, and what was found.</summary>
    public static (MachineConfig Settings, IReadOnlyList<Finding> Findings) Look(DroverHome home, IReadOnlyList<string> adapters)
    {
        var (settings, problems) = Settings(home, adapters);
        return (settings, [Access(home), Disk(home, settings.DiskFloor), .. problems, Socket(home)]);
    }

    private static Finding Access(DroverHome home)
    {
        if (!Directory.Exists(home.Path)) return new("home", Grade.Ok, $"{home.Path} is not there yet; drover up makes it");
        try
        {
            if ((File.GetUnixFileMode(home.Path) & Others) != 0)
                return new("home", Grade.Warn, $"{home.Path} can be entered by other users", $"chmod 700 '{home.Path}'");
            using var probe = new FileStream(Path.Combine(home.Path, $".doctor.{Guid.NewGuid():n}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return new("home", Grade.Ok, $"{home.Path} is yours alone");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("home", Grade.Fail, $"{home.Path} cannot be written: {e.Message}", "Give it to your user, or set DROVER_HOME to another directory.");
        }
    }

    private static Finding Disk(DroverHome home, long floor)
    {
        var existing = home.Path;
        while (!Directory.Exists(existing)) existing = Path.GetDirectoryName(existing)!;
        var free = new DriveInfo(existing).AvailableFreeSpace;
        var text = $"{Gigabytes(free)} free for {home.Path}";
        return free < floor ? new("disk", Grade.Fail, $"{text}; below the floor of {Gigabytes(floor)} no run starts", "Free some, or lower disk_floor in config.yaml.")
            : free < 5 * floor ? new("disk", Grade.Warn, text, $"No run starts below {Gigabytes(floor)}.")
            : new("disk", Grade.Ok, text);
    }

    private static (MachineConfig, IEnumerable<Finding>) Settings(DroverHome home, IReadOnlyList<string> adapters)
    {
        var file = MachineFile.PathIn(home);
        if (!File.Exists(file)) return (MachineConfig.Default, []);
        var read = MachineFile.Load(home, adapters);
        return (read.Value ?? MachineConfig.Default, read.Value is not null ? [new("settings", Grade.Ok, $"{file} is right")]
            : read.Problems.Select(p => new Finding("settings", Grade.Fail, p.ToString(), $"Edit {file}; docs/configuration.md lists its keys.")));
    }

    private static Finding Socket(DroverHome home) => SocketPath.WhyUnsafe() is { } why
        ? new("socket", Grade.Fail, why, "Remove that directory, or set XDG_RUNTIME_DIR to one that is yours alone.")
        : new("socket", Grade.Ok, SocketPath.Of(home));

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB";
}
