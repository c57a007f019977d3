# shellcheck shell=sh
store() { # how the engine keeps images: containerd or graph
	case $(docker info -f '{{.DriverStatus}}') in
	*io.containerd.snapshotter*) echo containerd ;;
	*) echo graph ;;
	esac
}
